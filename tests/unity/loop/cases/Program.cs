using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using NUnit.Framework;
using Simulation;
using TalkFace.Unity;
using UnityEngine.TestTools;

namespace Loop
{
    /// <summary>Runs NUnit's way: the loop's own cases, and the package's Edit Mode and Play Mode tests.</summary>
    internal static class Program
    {
        private static int Main(string[] words)
        {
            var assemblies = new List<Assembly> { Assembly.GetExecutingAssembly() };
            foreach (var name in new[] { "TalkFace.EditorTests", "TalkFace.Tests" })
                if (System.IO.File.Exists(System.IO.Path.Combine(AppDomain.CurrentDomain.BaseDirectory, name + ".dll")))
                    assemblies.Add(Assembly.Load(name));
            Editing.Load(typeof(TalkFace.Unity.Editor.TalkFaceEditorHooks).Assembly);
            System.Threading.SynchronizationContext.SetSynchronizationContext(new MainThread());
            var ran = 0;
            var failed = 0;
            foreach (var assembly in assemblies)
                foreach (var type in assembly.GetTypes())
                    foreach (var method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
                    {
                        var name = type.Name + "." + method.Name;
                        if (!IsTest(method) || !Wanted(name, words))
                            continue;
                        ran++;
                        var problem = Run(type, method);
                        failed += problem == null ? 0 : 1;
                        Console.WriteLine(problem == null ? "ok   " + name : "FAIL " + name + ": " + problem);
                    }
            Console.WriteLine(ran + " cases, " + failed + " failed");
            return failed > 0 || ran == 0 ? 1 : 0;
        }

        private static bool IsTest(MethodInfo method)
        {
            return method.IsDefined(typeof(TestAttribute), false) || method.IsDefined(typeof(UnityTestAttribute), false);
        }

        private static bool Wanted(string name, string[] words)
        {
            return words.Length == 0 || Array.Exists(words, word => name.StartsWith(word, StringComparison.Ordinal));
        }

        private static string Run(Type type, MethodInfo method)
        {
            World.EnterPlay(typeof(TalkFaceRuntime).Assembly);
            World.Errors.Clear();
            World.Warnings.Clear();
            World.Animation = null;
            Sound.Rate = 48000;
            UnityEngine.Time.timeScale = 1;
            var made = Activator.CreateInstance(type);
            string problem = null;
            try
            {
                Marked(made, typeof(SetUpAttribute));
                var steps = method.Invoke(made, null) as IEnumerator;
                while (steps != null && steps.MoveNext())
                {
                    World.Play(1 / 60.0);
                    var wait = steps.Current as UnityEngine.CustomYieldInstruction;
                    if (wait != null)
                        Cast.Wait(() => !wait.keepWaiting);
                }
                if (World.Errors.Count > 0)
                    problem = "the engine logged: " + World.Errors[0];
            }
            catch (TargetInvocationException error)
            {
                problem = error.InnerException.ToString();
            }
            catch (Exception error)
            {
                problem = error.ToString();
            }
            Marked(made, typeof(TearDownAttribute));
            World.UnloadScene();
            if (problem == null && TalkFace.Native.NativeHandle.Alive != 0)
                problem = TalkFace.Native.NativeHandle.Alive + " native objects outlive the scene";
            Editing.LeavePlay();
            return problem;
        }

        private static void Marked(object made, Type attribute)
        {
            foreach (var method in made.GetType().GetMethods(BindingFlags.Instance | BindingFlags.Public))
                if (method.IsDefined(attribute, false))
                    method.Invoke(made, null);
        }
    }
}
